package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"alarmrelay/relay/setup"
)

// place is the folder that is deployed from, as it was found.
type place struct {
	dir     string
	config  found // alarmrelay.yaml
	samFile found // samconfig.toml
	sam     samConfig

	usualRegion string // that the AWS configuration names
}

// found is a file before anything was done.
type found struct {
	path  string
	text  string
	there bool
}

// openPlace reads what a folder holds. It refuses one from which nothing can be deployed.
func openPlace(dir string) (p place, err error) {
	p.dir = dir
	if _, err := os.Stat(filepath.Join(dir, "template.yaml")); errors.Is(err, fs.ErrNotExist) {
		return p, misuse("no template.yaml in %s: run this in alarmrelay's folder, or name that with --dir", dir)
	} else if err != nil {
		return p, misuse("%v", err)
	}
	if p.config, err = readFound(filepath.Join(dir, setup.DefaultFile)); err != nil {
		return p, err
	}
	if p.samFile, err = readFound(filepath.Join(dir, samConfigFile)); err != nil {
		return p, err
	}
	if p.sam, err = readSamConfig(p.samFile.text); err != nil {
		return p, fmt.Errorf("%w; mend it, or take it away", err)
	}
	return p, nil
}

func readFound(path string) (found, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, linked := os.Lstat(path); linked == nil {
			return found{}, fmt.Errorf("%s is a link to a file that is not there: make that file, or take the link away", path)
		}
		return found{path: path}, nil
	}
	if err != nil {
		return found{}, fmt.Errorf("look at what is there: %w", err)
	}
	return found{path, string(text), true}, nil
}

// draft is a file as it is to be.
type draft struct {
	found
	want string
	left bool // it stays as it is, whatever it says
}

// changes tells whether the file will be written.
func (d draft) changes() bool { return !d.left && (!d.there || d.text != d.want) }

// loses tells whether something that stands there will not stand there any more.
func (d draft) loses() bool {
	for _, l := range diffLines(d.text, d.want) {
		if l.kind == lineGone && d.changes() {
			return true
		}
	}
	return false
}

// prepared is a file that lies beside the one whose place it takes.
type prepared struct{ path, beside string }

// where returns the place of the file itself, behind a link, and its permissions. It refuses one that somebody has changed
// since it was looked at.
func (d draft) where() (path string, mode fs.FileMode, err error) {
	now, err := readFound(d.path)
	if err != nil {
		return "", 0, err
	}
	if now != d.found {
		return "", 0, fmt.Errorf("%s was changed meanwhile: run this again", d.path)
	}
	if !d.there {
		return d.path, 0o644, nil
	}
	if path, err = filepath.EvalSymlinks(d.path); err != nil {
		return "", 0, fmt.Errorf("write %s: %w", d.path, err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return "", 0, fmt.Errorf("write %s: %w", d.path, err)
	}
	return path, info.Mode().Perm(), nil
}

// prepare writes a file beside its place, so that nothing but a rename is left.
func prepare(d draft) (p prepared, err error) {
	path, mode, err := d.where()
	if err != nil {
		return p, err
	}
	p.path = path
	file, err := os.CreateTemp(filepath.Dir(p.path), "."+filepath.Base(p.path)+"-*")
	if err != nil {
		return p, fmt.Errorf("write %s: %w", d.path, err)
	}
	p.beside = file.Name()
	_, err = file.WriteString(d.want)
	err = errors.Join(err, file.Chmod(mode), file.Sync(), file.Close())
	if err != nil {
		return p, errors.Join(fmt.Errorf("write %s: %w", d.path, err), p.drop())
	}
	return p, nil
}

// settle puts the file in its place.
func (p prepared) settle() error {
	if err := os.Rename(p.beside, p.path); err != nil {
		return fmt.Errorf("write %s: %w", p.path, err)
	}
	return nil
}

// drop takes the file away again, where it has not been put in its place.
func (p prepared) drop() error {
	if err := os.Remove(p.beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("take %s away: %w", p.beside, err)
	}
	return nil
}
