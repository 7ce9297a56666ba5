"""The Measure menu."""

from onebyone_desktop.commands.commands import Commands


class MeasureCommands(Commands):
    """Starts and cancels measurements, and shows the panels that have to do with them."""

    def start(self) -> None:
        from onebyone_desktop.latency.latency_panel import Latency

        self.desk.panels.show("latency")
        self.desk.measuring.start(self.desk.panels.get("latency", Latency).sessions)

    def cancel(self) -> None:
        self.desk.measuring.cancel()

    def sweep(self) -> None:
        from onebyone_desktop.sweep.sweep_panel import SweepPanel

        self.desk.panels.show("sweep")
        self.desk.panels.get("sweep", SweepPanel).selection_wished.emit()

    def history(self) -> None:
        self.desk.workspace.show_designs()
        self.desk.panels.show("history")
