import csv
import kundig

with open("tests/examples/feedback.csv", encoding="utf-8", newline="") as file:
    rows = [row for row in csv.DictReader(file) if row["comment"] and row["nps"]]
comments, scores = [row["comment"] for row in rows], [int(row["nps"]) for row in rows]
mood = kundig.Sentiment(scale="nps").fit(comments[300:], scores[300:])
print(f"right about 300 it did not see: {100 * mood.score(comments[:300], scores[:300]):.0f} %")
texts = ["The courier was friendly and quick.", "Die Rechnung war wieder falsch!"]
for text, feels, (score, least, most) in zip(texts, mood.predict(texts), mood.expected(texts)):
    print(f"{text:35} {feels}, NPS of {least:.0f} to {most:.0f} expected")
