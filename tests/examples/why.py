import kundig

with kundig.open() as corpus:
    corpus.ingest("tests/examples/feedback.csv")
    print("impact of topics on the Net Promoter Score")
    for row in corpus.impact("nps", limit=4):
        impact, lo, hi = (f"{100 * row[name]:+5.1f}" for name in ("impact", "lo", "hi"))
        print(f"  {row['topic'] or 'no topic':16}{impact}  ({lo} to {hi})  {row['customers']} customers")
    told = corpus.explain("2026-Q2", "2026-Q3", by="stage", limit=2)
    print(told.sentence)
    for row in told.causes:
        print(f"  {row['value']:9}{100 * row['contribution']:+5.1f}: {row['quote_1']}")
    print("alarms of weeks, among detractors")
    for row in corpus.alarms(where="nps <= 6", every="week", chart="share"):
        print(f"  {row['topic']}, {row['sentence']}")
    words = corpus.words("nps <= 6", "nps >= 9", limit=5)
    print("detractors write:", ", ".join(f"{row['word']} ({row['a']} : {row['b']})" for row in words))
    print("loud, and meaningful?")
    for row in corpus.loud("nps", limit=4):
        print(f"  {row['topic'] or 'no topic':16}{row['records']:4} records  {row['quadrant']}")
    weights = corpus.weights({"channel": {"app": 30, "email": 30, "phone": 20, "sms": 10, "web": 10}})
    for row in weights.score:
        print(f"{row['weights']:8}{100 * row['value']:+5.1f}, as sure as {row['n_eff']:,.0f} answers")
