/** Draws the description that the gateway itself serves; nothing is fetched from elsewhere. */
window.SwaggerUIBundle({
  url: new URL('../v1/openapi.json', document.baseURI).href,
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
  onComplete() {
    document.getElementById('servers')?.setAttribute('aria-label', 'Server');
  },
});
