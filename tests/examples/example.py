import kundig

with kundig.open(":memory:") as corpus:
    corpus.ingest("tests/examples/feedback.csv")
    delivery = {"stage": "Delivery"}
    table = corpus.measure("nps", by=["channel"], where=delivery, every="quarter")
    for row in table.to_dicts():
        print(f"{row['channel']:6} {row['period']}  {100 * row['value']:+6.1f}  n = {row['n']}")
    corpus.set_model(kundig.Model())  # the ready taxonomy; kundig.Model(text) for your own
    for row in corpus.topics(where="nps <= 6", limit=3):
        print(f"{row['topic']:15} {row['comments']:3} comments  {100 * row['share']:4.1f} %")
print(kundig.mask("Call Ms Novak on 020 7946 0018"))
