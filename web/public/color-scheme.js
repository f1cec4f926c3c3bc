// Runs before the first paint so that a stored choice never flashes in the other scheme. No inline script: the page's
// content security policy allows only files of its own.
;(function () {
  var stored = null
  try {
    stored = localStorage.getItem('farewire.color-scheme')
  } catch {
    stored = null
  }
  var isDark = stored === 'dark' || (stored !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.setAttribute('data-mantine-color-scheme', isDark ? 'dark' : 'light')
})()
