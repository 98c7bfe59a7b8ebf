// Package preview looks at a file that is to be sent over WhatsApp and says
// what phones show of it before they have it: how large a picture is, how long
// a sound lasts, a small picture of it.
//
// Its promise is to cost little and to fail nothing. Files are read as streams
// and never held whole; lengths that a file claims are not believed; pictures
// of more than 50 megapixels are measured, but not decoded, and all that are
// decoded at one time share that bound. What cannot be read stays unknown, and
// the file is sent without it.
//
//	picture  jpeg, png, gif, webp     size as shown (EXIF orientation), thumbnail, whether a webp moves
//	film     mp4, mov, 3gp            size as shown (track matrix), length; thumbnail where the system has ffmpeg
//	sound    ogg (Opus, Vorbis),      length, and whether it is a voice note's
//	         mp4, mp3, wav
//	document                          a thumbnail where it is a picture
//
// What a file is, its first bytes say; no name and no Content-Type is trusted
// for it. ffmpeg is looked for once in the life of the process; without it,
// films go out without a thumbnail.
package preview
