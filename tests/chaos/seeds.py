"""Where fuzzing begins: cases that are good, by target, and words that are put into cases of all of them."""

_DIGEST = b"0123456789abcdef" * 4
_POST = b"POST /v1/sentiment HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

SEEDS: dict[str, list[bytes]] = {
    "bodies": [
        b'{"text": "good", "return_logits": true, "sentences": false}',
        b'{"texts": ["good", "", 7, "\\ud83d\\ude00", "\\ud800"]}',
        b'{"text": "good", "label": "positive", "request_id": "4bf92f35"}',
        b'{"inputs": ["good", ["bad"]], "parameters": {"function_to_apply": "sigmoid", "top_k": 1}}',
        b'{"kind": "SentimentAnalysis", "parameters": {"stringIndexType": "Utf16CodeUnit", "modelVersion": "latest"}, '
        b'"analysisInput": {"documents": [{"id": "1", "language": "en", "text": "good"}, {"id": "2"}]}}',
        b'{"LanguageCode": "en", "Text": "good", "TextList": ["good", ""]}',
        b'{"a": [1, 1.5e10, -0, true, null, {"a": {"b": [[]]}}]}',
    ],
    "tokens": [
        b"\x01The caf\xc3\xa9, isn't it? @you http://a.example <br/> <pad>",
        b"\x02" + "很好😀e\u0301\ufdfa\u200b".encode("utf-16-le"),
        b"\x03" + "很好😀e\u0301\ufdfa\ud800".encode("utf-32-le", "surrogatepass"),
    ],
    "sentences": [
        b'\x01Dr. Smith went. i did not! No. 7 is best :) It cost e.g. 3.5. (A.) "Why?" he said. see www.a.b/c. Ok',
        b"\x02" + "很好！真的。😀 But no…\n1. 不\u3000行 J. R. R. ok?".encode("utf-16-le"),
    ],
    "files": [
        b'\x00text,stars\n"a ""quoted"", text",5\r\nb,4\n\n',
        b"\x01text\tstars\na\t5\nb\t\n",
        b'\x02{"text": "a", "stars": 5}\n{"text": 7}\n[]\n{"stars": 1}\n',
        b"\x03one\n\ntwo\r\nthree",
        b"\x40text\na\n",
    ],
    "keys": [
        b"# ours\nshop " + _DIGEST + b" texts_per_second=2.5 burst=10\nblog " + _DIGEST[::-1] + b"\n",
        b"shop " + _DIGEST + b" texts_per_second=1e-320\n",
        b"\xef\xbb\xbfshop " + _DIGEST.upper() + b"\r\nshop " + _DIGEST[1:] + b"0 # new\n",
    ],
    "protocol": [
        b"\xffGET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/model HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x07" + _POST + b'Content-Length: 15\r\n\r\n{"text": "good"}',
        b"\xff"
        + _POST
        + b'Transfer-Encoding: chunked\r\nX-Request-Id: a\r\n\r\n5\r\n{"tex\r\na;x=y\r\nt": "good"}\r\n0\r\n\r\n',
        b"\xff" + _POST + b"Expect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n{}\n",
        b"\xffOPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"\xffGET http://x/metrics?a=b#c HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"\xffCONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"\x03PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
    "settings": [bytes([0, 0]) + b"8000", b"\x02\x05\x09https://a.example,*", b"\x01nan", b"\x01sha256:" + _DIGEST],
}

WORDS = (
    *(b'"text"', b'"texts"', b'"label"', b'"inputs"', b'"documents"', b'"Text"', b'"TextList"', b'"en"', b'"id"'),
    *(b"\\ud83d", b"\\ude00", b"\\u0000", b"NaN", b"1e999", b"[[[[", b'{"a":', b"\xef\xbb\xbf", b"\xed\xa0\x80"),
    *(b"\r\n", b"\n\n", b"\t", b'""', b"\0", b"\x1c", b"\xc2\x85", b"\xe2\x80\xa8", b" burst=", b"1e308", b"1e-320"),
    *(b"Content-Length: ", b"Transfer-Encoding: chunked\r\n", b"Connection: close\r\n", b"\r\n\r\n", b" HTTP/1.1\r\n"),
)
