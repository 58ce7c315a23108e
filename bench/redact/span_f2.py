# Span F2 of presidio-research's evaluator, all entity types taken as one. Reads a labelled set from
# the file named first and, from standard input, one line {"id","findings"} per text, in its order.
# Prints one JSON object: {"iou0.9": F2, "iou0.7": F2}. Needs the package presidio-evaluator.
import json
import logging
import sys

import pandas as pd
import spacy
from presidio_evaluator.evaluation import SpanEvaluator

logging.disable(logging.WARNING)
tokenizer = spacy.blank("en").tokenizer


def utf16_offsets(text):
    """Offset in UTF-16 units of each character, as findings count."""
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if ord(character) > 0xFFFF else 1))
    return offsets


def covered(spans, start, end):
    return any(a < end and start < b for a, b in spans)


def rows(documents, answers):
    for number, (document, answer) in enumerate(zip(documents, answers, strict=True)):
        text = document["full_text"]
        units = utf16_offsets(text)
        gold = [(s["start_position"], s["end_position"]) for s in document["spans"]]
        found = [(f["start"], f["end"]) for f in answer["findings"]]
        for token in tokenizer(text):
            start, end = token.idx, token.idx + len(token)
            yield {
                "sentence_id": number,
                "token": token.text,
                "start_indices": start,
                "annotation": "PII" if covered(gold, start, end) else "O",
                "prediction": "PII" if covered(found, units[start], units[end]) else "O",
            }


def main():
    with open(sys.argv[1], encoding="utf8") as file:
        documents = json.load(file)
    answers = [json.loads(line) for line in sys.stdin if line.strip()]
    table = pd.DataFrame(rows(documents, answers))
    scores = {}
    for iou in (0.9, 0.7):
        evaluator = SpanEvaluator(iou_threshold=iou)
        result = evaluator.calculate_score_on_df(results_df=table, beta=2, level="pii")
        scores[f"iou{iou}"] = result.pii_f
    print(json.dumps(scores))


main()
