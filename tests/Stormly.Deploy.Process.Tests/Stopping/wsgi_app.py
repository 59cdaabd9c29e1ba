def app(environ, start_response):
    """Answers every request with 200, as a plugin behind gunicorn."""
    start_response("200 OK", [("Content-Type", "application/json")])
    return [b"{}"]
