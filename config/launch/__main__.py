"""python -m config.launch: what bin/start runs once the environment stands."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from config import demo_groups
from config.launch import place, plan, programs, ready, valkey
from config.launch.plan import BASE_DIR, BadPlan, Plan
from config.launch.supervisor import Stopped, Supervisor
from config.launch.words import say

LOOK_SECONDS = 0.1
VALKEY_SECONDS = 30


class StepFailed(Exception):
    """A step before the web failed; it has said why itself."""


def main() -> int:
    """Exit code 0 after an orderly end, 1 when the site could not be started."""
    try:
        wish = plan.read()
        place.require_free_port(wish)
        with place.own_folder(wish.var_dir):
            return run(wish)
    except BadPlan as error:
        say(str(error))
        return 1


def run(wish: Plan) -> int:
    supervisor = Supervisor()
    supervisor.listen()
    began = time.monotonic()
    try:
        bring_up(wish, supervisor)
        greet(wish, time.monotonic() - began)
        supervisor.forever()
    except Stopped:
        return 0
    except (StepFailed, ready.NotReady) as error:
        say(str(error))
        return 1
    finally:
        say("Avslutar …")
        supervisor.stop()
        say("Allt är stängt.")
    return 0


def bring_up(wish: Plan, supervisor: Supervisor) -> None:
    say(f"Startar {wish.site_url}; allt som skrivs ligger i {shown(wish.var_dir)}/")
    if wish.embedded_broker:
        start_valkey(wish, supervisor)
    prepare(wish, supervisor)
    say("Startar webb och arbetare …")
    supervisor.start(programs.worker(wish))
    supervisor.start(programs.web(wish))
    ready.wait(wish, supervisor)


def start_valkey(wish: Plan, supervisor: Supervisor) -> None:
    say("Startar den inbäddade kön …")
    supervisor.start(valkey.service(wish))
    end = time.monotonic() + VALKEY_SECONDS
    while not valkey.answers(plan.broker_socket(wish)):
        supervisor.check()
        ready.require_all_alive(supervisor)
        if time.monotonic() > end:
            raise StepFailed(f"Kön svarar inte. Loggarna ligger i {wish.log_dir}.")
        time.sleep(LOOK_SECONDS)


def prepare(wish: Plan, supervisor: Supervisor) -> None:
    step = programs.preparation(wish)
    step.start()
    try:
        while (code := step.code()) is None:
            supervisor.check()
            time.sleep(LOOK_SECONDS)
    finally:
        step.stop()
    if code != 0:
        raise StepFailed("Förberedelsen misslyckades; se raderna ovan.")


def greet(wish: Plan, seconds: float) -> None:
    say(f"\nVärdskapet är igång efter {seconds:.0f} sekunder: {wish.site_url}/")
    say(f"Redaktion och beställningar: {wish.site_url}/admin/")
    staff = wish.var_dir / "personal.txt"
    if staff.exists():
        say(f"Personal: {staff.read_text().strip()}")
        say(demo_groups.others())
    say(f"Loggar: {shown(wish.log_dir)}/. Avsluta med Ctrl-C.")


def shown(path: Path) -> str:
    return str(path.relative_to(BASE_DIR)) if path.is_relative_to(BASE_DIR) else str(path)


if __name__ == "__main__":
    sys.exit(main())
