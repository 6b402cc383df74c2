#!/usr/bin/env python3
"""The questions of bench, asked of pandas in the same run on the same records.

    python3 -m venv /tmp/peer && /tmp/peer/bin/pip install pandas
    /tmp/peer/bin/python bench/peer_pandas.py BUILD_FOLDER [--records N]

Both sides use one core (processor time counts) and answer the same question: value, n, standard
error, and customers where asked. A ratio above 1 means kundig is faster.
"""
import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import pandas as pd


def median_of(runs, work):
    seconds = []
    for _ in range(runs):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return statistics.median(seconds), result


def read_csv(source, columns=None):
    frame = pd.read_csv(source, usecols=columns, dtype={
        "customer": "string" if columns is None else "category", "channel": "category",
        "touchpoint": "category", "stage": "category", "language": "category"},
        parse_dates=["date"])
    return frame


def bench(folder, case, records, runs):
    command = [f"{folder}/bench/bench", "run", case, "--json", "--runs", str(runs)]
    if records:
        command += ["--records", str(records)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["cases"][0]


def with_sign(frame):
    asked = frame[frame.nps.notna()]
    sign = (asked.nps >= 9).astype("int8") - (asked.nps <= 6).astype("int8")
    return asked.assign(month=asked.date.dt.to_period("M"), sign=sign)


def nps(frame):
    """NPS by stage and channel by month: value, n, standard error of independent records."""
    groups = with_sign(frame).groupby(["stage", "channel", "month"], observed=True)["sign"]
    table = groups.agg(["mean", "size", "var"])
    table["se"] = np.sqrt(table["var"] / table["size"])
    return table


def nps_customers(frame):
    """The same with distinct customers and the variance clustered by customer."""
    keys = ["stage", "channel", "month"]
    asked = with_sign(frame)
    cells = asked.groupby(keys, observed=True)["sign"].agg(["mean", "size"])
    # A record without a customer is a cluster of its own.
    alone = asked.customer.isna()
    clusters = asked.customer.cat.codes.astype("int64").where(~alone, -1 - asked.index)
    per = asked.assign(cluster=clusters).groupby(keys + ["cluster"], observed=True)["sign"]
    per = per.agg(["sum", "size"]).reset_index()
    per = per.merge(cells["mean"].rename("score"), left_on=keys, right_index=True)
    per["square"] = (per["sum"] - per["size"] * per["score"]) ** 2
    squares = per.groupby(keys, observed=True)["square"].agg(["sum", "size"])
    cells["customers"] = per[per.cluster >= 0].groupby(keys, observed=True).size()
    c = squares["size"]
    cells["se"] = np.sqrt(c / (c - 1) * squares["sum"]) / cells["size"]
    return cells


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--records", type=int, default=10_000_000)
    parser.add_argument("--comments", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    args = parser.parse_args()
    generate = f"{args.folder}/bench/kundig_generate"
    rows = []

    text = subprocess.run([generate, str(args.comments), "1", "60", "150"], check=True,
                          capture_output=True).stdout
    seconds, frame = median_of(args.runs, lambda: read_csv(io.BytesIO(text)))
    ours = bench(args.folder, "csv_to_columns", args.comments, args.runs)
    rows.append(("CSV to columns", f"{args.comments:,}", ours["seconds"], seconds))
    words = frame.comment.str.len().sum()
    held = frame.memory_usage(deep=True).sum() - frame.comment.str.encode("utf-8").str.len().sum()
    memory = bench(args.folder, "memory", args.comments, 1)["bytes_per_record"]
    assert words > 0

    found, theirs = median_of(args.runs, lambda: frame.comment.str.contains(
        "hotline", case=False, regex=False).sum())
    assert theirs > 0
    ours = bench(args.folder, "contains", args.comments, args.runs)
    rows.append(("a word in comments", f"{args.comments:,}", ours["seconds"], found))
    del frame, text

    with subprocess.Popen([generate, str(args.records), "1", "60", "none"],
                          stdout=subprocess.PIPE) as made:
        frame = read_csv(made.stdout, ["date", "customer", "channel", "stage", "nps"])
    for name, case, work in (("NPS by 2 by month", "nps_two_by_month", nps),
                             ("with customers", "nps_customers", nps_customers)):
        seconds, table = median_of(min(args.runs, 3), lambda work=work: work(frame))
        assert len(table) == 6 * 5 * 8, len(table)
        ours = bench(args.folder, case, args.records, args.runs)
        rows.append((name, f"{args.records:,}", ours["seconds"], seconds))

    print(f"pandas {pd.__version__}, numpy {np.__version__}, Python {sys.version.split()[0]}")
    print(f"{'question':20} {'records':>12} {'kundig s':>10} {'pandas s':>10} {'ratio':>7}")
    for name, records, kundig, pandas in rows:
        print(f"{name:20} {records:>12} {kundig:10.4f} {pandas:10.4f} {pandas / kundig:7.1f}")
    print(f"bytes a record beside the text: kundig {memory:.1f}, pandas {held / args.comments:.1f}")


if __name__ == "__main__":
    main()
