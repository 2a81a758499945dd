"""Run by hand, beside the shop: see --help."""

from __future__ import annotations

import argparse
import threading

from tests.stripe_fake.server import StripeServer

SETTINGS = "STRIPE_SECRET_KEY={key} STRIPE_WEBHOOK_SECRET={secret} STRIPE_API_BASE={url} bin/start"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.stripe_fake", description="A Stripe of our own.")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument(
        "--webhook", default="", help="where events go: http://127.0.0.1:8000/stripe/webhook/"
    )
    words = parser.parse_args()
    server = StripeServer(port=words.port, webhook_url=words.webhook).start()
    print(f"Stripe answers at {server.url}. Start the shop with:", flush=True)
    print(SETTINGS.format(key=server.api_key, secret=server.webhook_secret, url=server.url), flush=True)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.stop()


if __name__ == "__main__":
    main()
