/** The values of MaritalStatus and of Sex (spec/domain.md 6.3). */
export const maritalStatuses: readonly string[] = Object.freeze([
  "single",
  "married",
  "separated",
  "divorced",
  "widowed",
  "civilPartnership",
  "civilPartnershipDissolved",
  "civilPartnerDeceased",
]);
export const sexes: readonly string[] = Object.freeze(["intersex", "female", "male"]);
