// Saves a form while it is being filled, and says so. The page works without: its buttons save as well.
const form = document.querySelector('form[data-autosave]')
const line = document.getElementById('saved-line')
const QUIET = 3000
const TELL_EVERY = 10_000
let timer
let savedAt
let sent = ''

async function save() {
  const data = new FormData(form)
  data.set('go', 'auto')
  const now = new URLSearchParams(data).toString()
  if (now === sent) return
  const answer = await fetch(form.action, { method: 'POST', body: new URLSearchParams(data) }).catch(() => undefined)
  if (!answer?.ok) {
    line.textContent = 'Not saved just now: use the buttons below'
    return
  }
  sent = now
  form.elements.version.value = (await answer.json()).version
  savedAt = Date.now()
  tell()
}

function tell() {
  if (savedAt === undefined) return
  const seconds = Math.round((Date.now() - savedAt) / TELL_EVERY) * 10
  line.textContent = seconds === 0 ? 'Saved just now' : `Saved ${seconds} seconds ago`
}

if (form && line) {
  form.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(save, QUIET)
  })
  form.addEventListener('submit', () => clearTimeout(timer))
  setInterval(tell, TELL_EVERY)
}
