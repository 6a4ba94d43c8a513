// Leads on once a passkey is made. The library that makes it stays on its page.
document.addEventListener("otp_webauthn.register_complete", (event) => {
  window.location.assign(event.target.dataset.next);
});
