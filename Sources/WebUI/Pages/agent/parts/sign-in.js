// Name and password.

import { Part, attribute, make, write } from '../dom.js'

class SignIn extends Part {
  build() {
    const { t } = this
    this.name = make('input', { id: 'name', name: 'name', type: 'text', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', maxlength: '64', required: true })
    this.password = make('input', { id: 'password', name: 'password', type: 'password', autocomplete: 'current-password', maxlength: '256', required: true, 'aria-describedby': 'sign-in-problem' })
    this.problem = make('p', { id: 'sign-in-problem', class: 'problem', role: 'alert' })
    this.submit = make('button', { type: 'submit', class: 'primary wide' }, t('signIn.button'))
    const form = make('form', { class: 'card', onsubmit: event => this.send(event) },
      make('img', { src: '/icon.svg', alt: '', width: '44', height: '44' }),
      make('h1', {}, t('signIn.title')), make('p', { class: 'soft' }, t('signIn.lead')),
      make('label', { for: 'name' }, t('signIn.name')), this.name,
      make('label', { for: 'password' }, t('signIn.password')), this.password,
      this.problem, this.submit)
    const languages = make('p', { class: 'languages' }, ...this.desk.texts.tags.map(tag =>
      make('button', {
        type: 'button', class: 'link', lang: tag, 'aria-current': tag === this.desk.texts.tag && 'true', onclick: () => this.actions.set('language', tag),
      }, this.desk.texts.languageName(tag))))
    this.append(form, languages)
  }

  update(state) {
    const { busy, problem, seconds } = state.signIn
    attribute(this.submit, 'aria-busy', busy && 'true')
    this.submit.disabled = busy
    write(this.submit, this.t(busy ? 'signIn.busy' : 'signIn.button'))
    write(this.problem, problem ? this.t(`signIn.problem.${problem}`, { count: seconds }) : '')
    attribute(this.password, 'aria-invalid', problem === 'wrong' && 'true')
    // After a session that has ended nothing is filled in.
    if (problem && problem !== this.shownProblem) (this.name.value ? this.password : this.name).select()
    this.shownProblem = busy ? null : problem
    if (this.hidden) this.password.value = ''
    else if (!this.contains(document.activeElement) && !busy && document.activeElement === document.body) this.name.focus()
  }

  send(event) {
    event.preventDefault()
    this.actions.signIn(this.name.value.trim(), this.password.value)
  }
}

customElements.define('desk-sign-in', SignIn)
