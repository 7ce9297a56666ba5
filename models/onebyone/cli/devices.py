"""`onebyone devices`: what can be measured on."""

import click

from onebyone.cli.output import say, say_table
from onebyone.reports.facts import machine_facts
from onebyone.worker import client


@click.command(short_help="Print what can be measured on.")
def command() -> None:
    """Print what can be measured on, and what is known of this machine."""
    answer = client.devices()
    rows = [(device["name"], device["description"]) for device in answer["devices"]]
    say_table(("Device", "What it is"), rows, numbers_from=2)
    for fact in machine_facts(answer["environment"]):
        say(f"{fact.label}: {fact.value}")
