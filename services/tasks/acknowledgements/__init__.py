"""An issued plan asks everybody on its "Nơi nhận" to take note of it: "đã quán triệt"."""
