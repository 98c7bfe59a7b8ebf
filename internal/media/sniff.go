package media

import (
	"bytes"
	"io"
	"mime"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// headSize is how many bytes of a file tell its type.
const headSize = 3072

// Sniff tells a file's type: by its first bytes (Peek), where these say
// nothing certain by the Content-Type it came with, else by its name's
// extension. The mimetype has no parameters.
func Sniff(head []byte, hint Hint) (mimetype string, kind Kind) {
	found := fromBytes(head)
	for _, said := range []string{hint.Mimetype, fromExtension(hint.FileName)} {
		if !vague(found) {
			break
		}
		if said = plainType(said); refines(said, found) {
			found = said
		}
	}
	return found, kindOf(found)
}

// Peek gives a reader's first bytes and a reader of all of it.
func Peek(r io.Reader) (head []byte, whole io.Reader, err error) {
	head, err = io.ReadAll(io.LimitReader(r, headSize))
	return head, io.MultiReader(bytes.NewReader(head), r), err
}

const unknownType = "application/octet-stream"

func fromBytes(head []byte) string { return plainType(mimetype.Detect(head).String()) }

func fromExtension(fileName string) string {
	ext := strings.ToLower(path.Ext(fileName))
	if known, ok := extensions[ext]; ok {
		return known
	}
	return mime.TypeByExtension(ext)
}

// extensions that not every system's table has, or that it has otherwise.
var extensions = map[string]string{
	".aac": "audio/aac", ".amr": "audio/amr", ".m4a": "audio/mp4", ".mp3": "audio/mpeg", ".oga": "audio/ogg",
	".ogg": "audio/ogg", ".opus": "audio/ogg", ".wav": "audio/wav", ".jpg": "image/jpeg", ".jpeg": "image/jpeg",
	".png": "image/png", ".webp": "image/webp", ".mp4": "video/mp4", ".pdf": "application/pdf", ".csv": "text/csv",
	".txt": "text/plain", ".xml": "application/xml", ".json": "application/json", ".zip": "application/zip",
}

// spellings of one type that differ in the wild, and the one that providers
// take.
var spellings = map[string]string{
	"audio/mp3": "audio/mpeg", "audio/x-m4a": "audio/mp4", "audio/m4a": "audio/mp4", "audio/x-wav": "audio/wav",
	"audio/wave": "audio/wav", "audio/x-aac": "audio/aac", "audio/opus": "audio/ogg", "application/ogg": "audio/ogg",
	"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "video/x-m4v": "video/mp4",
}

// plainType gives a type without parameters, in lower case and in its usual
// spelling; empty when it is no type.
func plainType(said string) string {
	found, _, err := mime.ParseMediaType(said)
	if err != nil || strings.Count(found, "/") != 1 {
		return ""
	}
	if usual, ok := spellings[found]; ok {
		return usual
	}
	return found
}

// vague tells whether bytes leave open what they are: unknown ones, any text,
// any archive.
func vague(found string) bool {
	return found == "" || found == unknownType || found == "text/plain" || found == "application/zip"
}

// refines tells whether a claim may stand for what the bytes left open. Text
// and archives are no picture, sound or film, whatever is claimed.
func refines(said, found string) bool {
	if said == "" || said == unknownType {
		return false
	}
	return found == unknownType || found == "" || kindOf(said) == Document && !strings.HasPrefix(said, "image/") &&
		!strings.HasPrefix(said, "video/")
}

func kindOf(mimetype string) Kind {
	switch {
	case strings.HasPrefix(mimetype, "audio/"):
		return Audio
	case mimetype == "image/jpeg", mimetype == "image/png":
		return Image
	case mimetype == "video/mp4":
		return Video
	case mimetype == "image/webp":
		return Sticker
	default:
		return Document
	}
}
