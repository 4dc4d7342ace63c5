package fake

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFilesOfAnEditedMessage has a message with a picture in its embed and a list beside it.
// https://docs.discord.com/developers/resources/webhook#edit-webhook-message
func TestFilesOfAnEditedMessage(t *testing.T) {
	embed := func(name string) arr { return arr{obj{"title": "t", "image": obj{"url": "attachment://" + name}}} }
	bare := arr{obj{"title": "t"}}
	fresh := File{Name: "new.png", Data: []byte("new")}
	tests := []struct {
		name  string
		edit  func(graph, list string) obj
		files []File
		want  map[string]string // descriptions by name
		loose []string
	}{
		{"without a list all stay", func(string, string) obj { return obj{"embeds": embed("graph.png")} }, nil, map[string]string{"graph.png": "a graph", "all.txt": ""}, []string{"all.txt"}},
		{
			"a picture that no embed shows any more stands beneath", func(string, string) obj { return obj{"embeds": bare} }, nil,
			map[string]string{"graph.png": "a graph", "all.txt": ""},
			[]string{"graph.png", "all.txt"},
		},
		{"an empty list takes all away", func(string, string) obj { return obj{"embeds": bare, "attachments": arr{}} }, nil, map[string]string{}, nil},
		{
			"what is listed stays, described anew",
			func(graph, _ string) obj {
				return obj{"embeds": embed("graph.png"), "attachments": arr{obj{"id": graph, "description": "later"}}}
			},
			nil,
			map[string]string{"graph.png": "later"},
			nil,
		},
		{
			"what is listed without a description keeps its own",
			func(graph, _ string) obj {
				return obj{"embeds": embed("graph.png"), "attachments": arr{obj{"id": graph}}}
			},
			nil,
			map[string]string{"graph.png": "a graph"},
			nil,
		},
		{
			"without a list new files are added", func(string, string) obj { return obj{"embeds": embed("new.png")} },
			[]File{fresh},
			map[string]string{"graph.png": "a graph", "all.txt": "", "new.png": ""},
			[]string{"graph.png", "all.txt"},
		},
		{
			"a listed new file replaces what is not listed",
			func(_, list string) obj {
				return obj{"embeds": embed("new.png"), "attachments": arr{obj{"id": list}, obj{"id": "0", "description": "new"}}}
			},
			[]File{fresh},
			map[string]string{"all.txt": "", "new.png": "new"},
			[]string{"all.txt"},
		},
		{
			"a new file that is not listed is left out",
			func(graph, _ string) obj {
				return obj{"embeds": embed("graph.png"), "attachments": arr{obj{"id": graph}}}
			},
			[]File{fresh},
			map[string]string{"graph.png": "a graph"},
			nil,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d := NewDiscord(Options{})
			hook := d.AddChannel(Channel{Name: "ops"})
			askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{"embeds": embed("graph.png"), "attachments": arr{obj{"id": "0", "description": "a graph"}}},
				File{Name: "graph.png", Data: []byte("old")}, File{Name: "all.txt", Data: []byte("a")})
			m := d.Messages(hook.Channel)[0]
			graph, ok := m.Picture()
			if !ok || graph.ID != m.Files[0].ID {
				t.Fatalf("posted: %+v", m)
			}
			got := askFiles(t, d, "PATCH", hook.Path()+"/messages/"+m.ID, tt.edit(graph.ID, m.Files[1].ID), tt.files...)
			if got.Status != 200 {
				t.Fatal(got)
			}
			m = d.Messages(hook.Channel)[0]
			files := map[string]string{}
			for _, f := range m.Files {
				files[f.Name] = f.Description
			}
			if diff := cmp.Diff(tt.want, files); diff != "" {
				t.Error(diff)
			}
			var loose, told []string
			for _, f := range m.Loose() {
				loose = append(loose, f.Name)
			}
			for _, a := range got.Body.(obj)["attachments"].(arr) {
				told = append(told, a.(obj)["filename"].(string))
			}
			if diff := cmp.Diff([][]string{tt.loose, tt.loose}, [][]string{loose, told}); diff != "" {
				t.Errorf("beneath the text, and in the answer: %s", diff)
			}
		})
	}
}

func TestAnAnswerTellsWhereThePictureOfAnEmbedIs(t *testing.T) {
	d := NewDiscord(Options{})
	hook := d.AddChannel(Channel{Name: "ops"})
	got := askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{"embeds": arr{obj{"image": obj{"url": "attachment://graph.png"}}, obj{"image": obj{"url": "https://a.example/b.png"}}}},
		File{Name: "graph.png", Data: []byte("old")})
	id := d.Messages(hook.Channel)[0].Files[0].ID
	var urls []any
	for _, e := range got.Body.(obj)["embeds"].(arr) {
		urls = append(urls, e.(obj)["image"].(obj)["url"])
	}
	want := []any{"https://cdn.discordapp.com/attachments/" + hook.Channel + "/" + id + "/graph.png?ex=0&is=0&hm=0", "https://a.example/b.png"}
	if diff := cmp.Diff(want, urls); diff != "" {
		t.Error(diff)
	}
}

func TestAKeptFileIsNotRenamed(t *testing.T) {
	for lenient, want := range map[bool]int{false: 400, true: 200} {
		d := NewDiscord(Options{Lenient: lenient})
		hook := d.AddChannel(Channel{Name: "ops"})
		askFiles(t, d, "POST", hook.Path()+"?wait=true", obj{"content": "c"}, File{Name: "a.txt", Data: []byte("a")})
		m := d.Messages(hook.Channel)[0]
		list := arr{obj{"id": m.Files[0].ID, "filename": "b.txt"}}
		got := askJSON(t, d, "PATCH", hook.Path()+"/messages/"+m.ID, obj{"attachments": list})
		if got.Status != want || d.Messages(hook.Channel)[0].Files[0].Name != "a.txt" {
			t.Errorf("lenient %v: %v", lenient, got)
		}
	}
}
