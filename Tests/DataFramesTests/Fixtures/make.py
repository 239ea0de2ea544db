# Writes the samples beside it with pandas and Python's own csv module.
import csv
import os
import pandas as pd

here = os.path.dirname(os.path.abspath(__file__))
frame = pd.DataFrame({
    "id": [3, 1, 2],
    "title": ['Say "hello"', "Cry, the Beloved Country", "two\nlines"],
    "mean": [0.1 + 0.2, 1e-7, float("nan")],
    "seen": [True, False, True],
    "note": ["", None, "é 日本 🎬"],
})
frame.to_csv(os.path.join(here, "pandas.csv"))
frame.to_csv(os.path.join(here, "pandas-windows.csv"), index=False, lineterminator="\r\n", encoding="utf-8-sig", sep=";")
with open(os.path.join(here, "python-quoted.csv"), "w", newline="") as file:
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "title"], [1, 'a "b" c'], [2, "x\r\ny"], [3, ""]])
