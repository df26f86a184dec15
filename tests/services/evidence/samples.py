"""Small whole files of every kind that is taken, made by the rules of their formats, and hostile ones that are not."""

import struct
import zlib


def _segment(mark: int, body: bytes) -> bytes:
    return bytes((0xFF, mark)) + struct.pack(">H", len(body) + 2) + body


def jpeg(more: bytes = b"") -> bytes:
    """Return a JPEG picture; `more` is a comment in it."""
    comment = _segment(0xFE, more) if more else b""
    scan = _segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\x34\x56"
    return b"\xff\xd8" + _segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0") + comment + scan + b"\xff\xd9"


def picture(place: int) -> bytes:
    """Return one JPEG picture of many, each different."""
    return jpeg(f"picture {place}".encode())


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png() -> bytes:
    """Return a PNG picture of one point."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    picture = _chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + picture + _chunk(b"IEND", b"")


def _riff(form: bytes, body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + form + body


def webp() -> bytes:
    """Return a WEBP picture."""
    return _riff(b"WEBP", b"VP8L" + struct.pack("<I", 6) + b"\x2f\0\0\0\0\0")


def wav() -> bytes:
    """Return a recording without compression."""
    form = b"fmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8)
    return _riff(b"WAVE", form + b"data" + struct.pack("<I", 4) + b"\x80\x81\x82\x83")


def pdf() -> bytes:
    """Return a document."""
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
    )


def mp3(tag: bytes = b"") -> bytes:
    """Return three frames of MPEG audio layer III, behind a tag if one is given."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * 3


def tagged_mp3() -> bytes:
    """Return them behind an ID3 tag."""
    return mp3(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + bytes(10))


def amr() -> bytes:
    """Return a recording of speech as phones make it."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * 4


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body


def mp4(brand: bytes = b"isom") -> bytes:
    """Return a film, or by its brand a recording."""
    return _box(b"ftyp", brand + bytes(4) + b"isom") + _box(b"moov", b"trak") + _box(b"mdat", b"film")


WHOLE = {
    "image/jpeg": jpeg(),
    "image/png": png(),
    "image/webp": webp(),
    "application/pdf": pdf(),
    "audio/mpeg": mp3(),
    "audio/wav": wav(),
    "audio/amr": amr(),
    "audio/mp4": mp4(b"M4A "),
    "video/mp4": mp4(),
}
HOSTILE = {
    "empty": b"",
    "one byte": b"\xff",
    "text": "快件显示已签收".encode(),
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "html before a picture": b"<html><!--" + jpeg() + b"-->",
    "html before a document": b"<script>1</script>\n" + pdf(),
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "script": b"#!/bin/sh\nrm -rf /\n",
    "zip": b"PK\x03\x04\x14\x00" + bytes(40),
    "jar before a picture": b"PK\x03\x04" + jpeg(),
    "rar": b"Rar!\x1a\x07\x01\x00",
    "gzip": b"\x1f\x8b\x08\x00" + bytes(20),
    "windows program": b"MZ\x90\x00" + bytes(60),
    "linux program": b"\x7fELF\x02\x01\x01" + bytes(60),
    "office document": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(60),
    "gif": b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
    "bitmap": b"BM" + bytes(60),
    "heic": _box(b"ftyp", b"heic" + bytes(4) + b"mif1") + _box(b"meta", b""),
    "quicktime": mp4(b"qt  "),
    "avi": _riff(b"AVI ", b"LIST"),
    "utf-16 text": "<script>".encode("utf-16"),
    "zeros": bytes(1000),
}
"""Whatever they are called and declared as."""
CUT_OFF = ("image/jpeg", "image/png", "image/webp", "application/pdf", "audio/wav", "audio/mp4", "video/mp4")
"""Kinds of which any proper beginning is known to be one."""
