package web

import (
	"errors"
	"net/http"

	"keydeck/internal/keyops"
	"keydeck/internal/keys"
	"keydeck/views/pages"
)

// confirmDeleteKey asks before a key is deleted.
func (s *Server) confirmDeleteKey(v *scope) error {
	return s.askToDelete(v, http.StatusOK, pages.KeyForm{Back: validBack(v.QueryParam("rotation"))})
}

// askToDelete asks for what the key's state takes now.
func (s *Server) askToDelete(v *scope, status int, form pages.KeyForm) error {
	k, l, err := s.keyOf(v)
	switch {
	case err != nil:
		return err
	case k.Status == keys.StatusDestroying:
		return redirect(v, v.links.List())
	}
	form.Key, form.Last, form.Confirm = k, l.Last(k.AccessKey), l.ToDelete(k.AccessKey)
	if form.Confirm != keys.ConfirmCharacters {
		form.Typed, form.Error = "", ""
	}
	return s.keyForm(v, status, "Delete key", form, pages.DeleteKeyDialog)
}

// deleteKey deletes a key, if it is confirmed with what its state takes.
func (s *Server) deleteKey(v *scope) error {
	values, err := formValues(v)
	if err != nil {
		return err
	}
	ctx := v.Request().Context()
	accessKey, typed := v.Param("key"), values.Get("confirm")
	form := pages.KeyForm{Typed: typed, Back: validBack(values.Get("rotation"))}
	_, err = s.changes.Delete(ctx, s.request(v), accessKey, typed)
	switch {
	case err == nil:
		return s.changed(v, values)
	case errors.Is(err, keys.ErrConfirmation):
		form.Typed, form.Error = refusedCharacters(typed)
		return s.askToDelete(v, unprocessable, form)
	case isIndeterminate(err):
		return s.respondUnlisted(v, keyops.Delete, accessKey, err)
	}
	p, here := s.refuse(v, err)
	if !here || v.loadOwner(ctx, alone) != nil {
		return err
	}
	form.Key, form.Trouble, form.Confirm = keys.Key{AccessKey: accessKey}, p.text, keys.ConfirmCharacters
	if typed == "yes" {
		form.Confirm = keys.ConfirmYes
	}
	return s.keyForm(v, p.status, "Delete key", form, pages.DeleteKeyDialog)
}

// refusedCharacters keeps what was typed, and says what is wrong with it. A
// key that takes more now than when the question was asked has had none typed.
func refusedCharacters(typed string) (kept, sentence string) {
	switch typed {
	case "", "yes":
		return "", pages.CharactersMissing
	default:
		return typed, pages.CharactersWrong
	}
}
