const attributes = "attributes and the items about them come with part 3";
const deletion = "deletion of an identity, with its period of grace, comes with part 3";
const messages = "Mail and Notifications come with part 3";

const facade = "the older façade comes with the Connector";

/** Numbers that tests name but do not pay in full, each with what is missing and why. */
export const partly: Readonly<Record<number, string>> = {
  3: `that the older generation takes bare content: ${facade}`,
  47: `that the older generation's route for a revocation asks the tested refusal: ${facade}`,
};

/** Numbers that no test names yet, each with the reason; a number that a test names may not stand here. */
export const notYet: Readonly<Record<number, string>> = {
  41: deletion,
  42: deletion,
  43: deletion,
  73: deletion,
  28: messages,
  37: attributes,
  44: attributes,
};
