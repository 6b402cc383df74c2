import kundig

with kundig.open(":memory:") as corpus:
    corpus.ingest("tests/examples/feedback.csv")
    delivery = {"stage": "Delivery"}
    table = corpus.measure("nps", by=["channel"], where=delivery, every="quarter")
    for row in table.to_dicts():
        print(f"{row['channel']:6} {row['period']}  {100 * row['value']:+6.1f}  n = {row['n']}")
