// Tells somebody five minutes before the session ends, and keeps it on request. Without it, the page /account/session says when.
const notice = document.querySelector('[data-session-seconds]')
const WARN_SECONDS = 300
const LAST_PAGE = 'alongside-last-page'
const lengthSeconds = Number(notice?.dataset.sessionSeconds ?? 0)
const words = notice?.querySelector('[data-session-words]')
const stay = notice?.querySelector('a')

// Other tabs of the same browser keep the session too: the newest page counts.
function begin() {
  try {
    localStorage.setItem(LAST_PAGE, String(Date.now()))
  } catch {
    // A browser without storage counts its own pages only.
  }
  opened = Date.now()
}

function lastPage() {
  try {
    return Math.max(opened, Number(localStorage.getItem(LAST_PAGE) ?? 0))
  } catch {
    return opened
  }
}

let opened = Date.now()

function look() {
  const left = lengthSeconds - (Date.now() - lastPage()) / 1000
  if (left > WARN_SECONDS) {
    notice.hidden = true
    return
  }
  const text =
    left > 0
      ? `You will be signed out in ${Math.ceil(left / 60) > 1 ? `${Math.ceil(left / 60)} minutes` : 'a minute'}.`
      : 'You are signed out by now. What you send is kept while you sign in again.'
  if (words.textContent !== text) words.textContent = text
  notice.hidden = false
}

if (notice && words && stay && lengthSeconds > 0) {
  begin()
  setInterval(look, 15_000)
  stay.addEventListener('click', async (event) => {
    event.preventDefault()
    const answer = await fetch(stay.href, { redirect: 'manual' }).catch(() => undefined)
    // Signed out already: the page that tells so.
    if (!answer?.ok) return location.assign(stay.href)
    begin()
    look()
  })
}
