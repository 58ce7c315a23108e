// Checks an exported ledger with other people's code: golang.org/x/mod/sumdb's note and tlog.
//
//	go run . ../export [../witness-key]
package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	if len(os.Args) < 2 {
		fail(errors.New("give the folder of an exported ledger"))
	}
	dir := os.Args[1]
	tree, err := openCheckpoint(dir)
	fail(err)
	fmt.Printf("checkpoint: size %d, root %s\n", tree.N, tree.Hash)
	hashes := tlog.TileHashReader(tree, exported{dir})
	records, err := checkRecords(dir, tree, hashes)
	fail(err)
	fmt.Printf("records: %d of %d proven by ProveRecord and CheckRecord\n", records, tree.N)
	trees, err := checkTrees(tree, hashes)
	fail(err)
	fmt.Printf("trees: %d older sizes proven by ProveTree and CheckTree\n", trees)
	if len(os.Args) > 2 {
		fail(checkWitness(dir, os.Args[2]))
		fmt.Println("witness: its cosignature/v1 holds")
	}
}

// openCheckpoint opens the checkpoint with the exported key and reads its three lines.
func openCheckpoint(dir string) (tlog.Tree, error) {
	key, err := os.ReadFile(filepath.Join(dir, "verifier-key"))
	if err != nil {
		return tlog.Tree{}, err
	}
	verifier, err := note.NewVerifier(strings.TrimSpace(string(key)))
	if err != nil {
		return tlog.Tree{}, err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	return parseCheckpoint(opened.Text, verifier.Name())
}

func parseCheckpoint(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("the note is no checkpoint of this origin")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

// exported reads tiles where C2SP tlog-tiles puts them: without the height that sumdb writes.
type exported struct{ dir string }

func (exported) Height() int { return tileHeight }

func (exported) SaveTiles([]tlog.Tile, [][]byte) {}

func (e exported) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "tile/", 1)
		bytes, err := os.ReadFile(filepath.Join(e.dir, path))
		if err != nil {
			return nil, err
		}
		data[i] = bytes
	}
	return data, nil
}

// checkRecords proves every exported entry to be in the tree, at its place.
func checkRecords(dir string, tree tlog.Tree, hashes tlog.HashReader) (int64, error) {
	var index int64
	for index < tree.N {
		entries, err := readBundle(dir, index, tree.N)
		if err != nil {
			return index, err
		}
		for _, entry := range entries {
			proof, err := tlog.ProveRecord(tree.N, index, hashes)
			if err != nil {
				return index, err
			}
			err = tlog.CheckRecord(proof, tree.N, tree.Hash, index, tlog.RecordHash(entry))
			if err != nil {
				return index, fmt.Errorf("record %d: %w", index, err)
			}
			index++
		}
	}
	return index, nil
}

// readBundle reads the entry bundle that begins at index: two bytes of length before each entry.
func readBundle(dir string, index, size int64) ([][]byte, error) {
	width := min(1<<tileHeight, size-index)
	tile := tlog.Tile{H: tileHeight, L: 0, N: index >> tileHeight, W: int(width)}
	path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", tileHeight), "tile/entries/", 1)
	bytes, err := os.ReadFile(filepath.Join(dir, path))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(bytes) >= 2 {
		length := int(binary.BigEndian.Uint16(bytes))
		if len(bytes) < 2+length {
			break
		}
		entries = append(entries, bytes[2:2+length])
		bytes = bytes[2+length:]
	}
	if len(bytes) > 0 || int64(len(entries)) != width {
		return nil, fmt.Errorf("%s is cut or has too many entries", path)
	}
	return entries, nil
}

// checkTrees proves every older tree to be a prefix of this one.
func checkTrees(tree tlog.Tree, hashes tlog.HashReader) (int64, error) {
	for older := int64(1); older <= tree.N; older++ {
		root, err := tlog.TreeHash(older, hashes)
		if err != nil {
			return older, err
		}
		proof, err := tlog.ProveTree(tree.N, older, hashes)
		if err != nil {
			return older, err
		}
		if err := tlog.CheckTree(proof, tree.N, tree.Hash, older, root); err != nil {
			return older, fmt.Errorf("tree %d: %w", older, err)
		}
	}
	return tree.N, nil
}

// checkWitness opens the checkpoint with the witness's key alone. sumdb knows only keys of type 1,
// so its note.Open is given a Verifier for type 4.
func checkWitness(dir, keyFile string) error {
	line, err := os.ReadFile(keyFile)
	if err != nil {
		return err
	}
	verifier, err := newCosigner(strings.TrimSpace(string(line)))
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	_, err = note.Open(signed, note.VerifierList(verifier))
	return err
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "not accepted:", err)
		os.Exit(1)
	}
}
