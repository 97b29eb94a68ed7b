//! The last step of reading a form, when all of the page is known: every control gets its label,
//! every button what its script does.

use std::collections::HashMap;

use shared::form::{Control, ControlKind, Effect};

use super::form_reader::{Fields, NO_VALUE, Reader};
use super::labels::around;

/// A radio button among its choices, the words behind it and the words before it.
type ChoiceWords = (usize, String, String);

impl Reader {
    pub(super) fn finish(mut self) -> Fields {
        let words = around(&self.items);
        let by_id: HashMap<String, String> =
            self.labels.iter().filter(|(id, text)| !id.is_empty() && !text.is_empty()).cloned().collect();
        let kept = std::mem::take(&mut self.kept);
        let mut radios: HashMap<(Option<usize>, usize), Vec<ChoiceWords>> = HashMap::new();
        for (kept, around) in kept.iter().zip(words) {
            let own = by_id.get(&kept.id).filter(|_| !kept.id.is_empty());
            let own = own.or_else(|| kept.label.map(|at| &self.labels[at].1).filter(|text| !text.is_empty()));
            let own = own.map(|text| text.trim_end_matches([':', ' ']).to_owned());
            let controls = self.controls(kept.form);
            let Some(control) = controls.get_mut(kept.control) else { continue };
            if control.group.is_empty() {
                control.group =
                    if kept.legend.is_empty() { around.heading.clone() } else { kept.legend.clone() };
            }
            if let Some(choice) = kept.choice {
                let after = own.clone().unwrap_or_else(|| around.after.clone());
                radios.entry((kept.form, kept.control)).or_default().push((
                    choice,
                    after,
                    around.front.clone(),
                ));
            }
            // The label of a group is what stands before its first button.
            let label = match control.kind {
                ControlKind::Radio if kept.choice == Some(0) => Some(around.label),
                ControlKind::Radio => None,
                ControlKind::Checkbox => Some(own.unwrap_or_else(|| {
                    if around.after.is_empty() { around.label.clone() } else { around.after.clone() }
                })),
                // What a button does stands on it; the words around it speak of the form.
                _ if control.is_button() => own,
                _ => {
                    control.note = around.after;
                    Some(own.unwrap_or(around.label))
                }
            };
            if let Some(label) = label.filter(|_| control.label.is_empty()) {
                control.label = label;
            }
            let weakest = if control.label.is_empty() { &mut control.label } else { &mut control.note };
            if weakest.is_empty() && kept.choice.is_none() {
                weakest.clone_from(&kept.hint);
            }
        }
        for ((form, at), labels) in radios {
            // Words stand behind the buttons, or before them: then the last has none behind it.
            let before =
                labels.last().is_some_and(|(_, after, before)| after.is_empty() && !before.is_empty());
            if let Some(control) = self.controls(form).get_mut(at) {
                for (choice, after, label) in labels {
                    if let Some(choice) = control.choices.get_mut(choice) {
                        choice.label = if before { label } else { after };
                    }
                }
            }
        }
        self.read_scripts();
        self.sort_buttons();
        for control in self.forms.iter_mut().flat_map(|form| form.controls.iter_mut()) {
            for choice in &mut control.choices {
                if choice.value == NO_VALUE {
                    choice.value = choice.label.clone();
                }
            }
        }
        // Of a form that is not whole, nobody knows what else belongs to it.
        if let Some(cut) = self.open.filter(|_| self.cut) {
            self.stray.append(&mut self.forms[cut].controls);
        }
        self.forms.retain(|form| !form.controls.is_empty());
        Fields { forms: self.forms, stray: self.stray }
    }

    /// A link is a button when its script sends a form; a button outside of the only form of the
    /// page sends that one.
    fn sort_buttons(&mut self) {
        let links = std::mem::take(&mut self.links);
        for (form, at) in links.into_iter().rev() {
            let controls = self.controls(form);
            if controls.get(at).is_some_and(|link| !link.effect.submits) {
                controls.remove(at);
            }
        }
        if let [only] = self.forms.as_mut_slice() {
            let sends = |control: &mut Control| control.kind == ControlKind::Button && control.effect.submits;
            only.controls.extend(self.stray.extract_if(.., sends));
        }
    }

    /// What the scripts do is known only when all of the page was read.
    fn read_scripts(&mut self) {
        for (form, at, handler) in std::mem::take(&mut self.handlers) {
            let effect = self.effect(&handler);
            if let Some(control) = self.controls(form).get_mut(at) {
                control.effect = effect;
            }
        }
        for (form, handler) in std::mem::take(&mut self.on_submits) {
            self.forms[form].on_submit = self.effect(&handler);
        }
    }

    fn effect(&self, handler: &str) -> Effect {
        let mut effect = Effect::read(handler, &self.scripts);
        effect.action = effect.action.and_then(|action| self.here.resolve(&action).on_phone());
        effect
    }
}
