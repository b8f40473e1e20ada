// Which fields are hidden, settled as the server settles it. Knows form-js's checker of conditions and no DOM.

const ROUNDS = 12; // as many as the server takes (MAX_CONDITIONS_ROUNDS)

/**
 * form-js's `ConditionChecker`, but that a hidden field counts as untouched for the conditions of all others, however
 * long the chain: form-js itself looks one link far.
 */
export function settled(ConditionChecker) {
  class SettledConditions extends ConditionChecker {
    constructor(formFieldRegistry, pathRegistry, expressionLanguage, eventBus, form) {
      super(formFieldRegistry, pathRegistry, expressionLanguage, eventBus);
      this._form = form;
    }

    applyConditions(data, contextData = {}, options = {}) {
      return super.applyConditions(data, this._settled(contextData), options);
    }

    _settled(data) {
      const untouched = this._form._getState().initialData ?? {};
      const bus = this._eventBus;
      this._eventBus = { fire() {} }; // what a round takes for hidden may not be: nobody drops its files yet
      try {
        let seen = data;
        for (let round = 0; round < ROUNDS; round += 1) {
          const left = { ...untouched, ...super.applyConditions(data, seen) };
          if (JSON.stringify(left) === JSON.stringify(seen)) break;
          seen = left;
        }
        return seen;
      } finally {
        this._eventBus = bus;
      }
    }
  }
  SettledConditions.$inject = [...ConditionChecker.$inject, "form"];
  return SettledConditions;
}
