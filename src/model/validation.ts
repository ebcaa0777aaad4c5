/** Answer of canCreate, canAccept and canReject (spec/domain.md 2.7, RequestValidationResult): same tree as the Request. */
export type Validation =
  | { readonly isSuccess: true; readonly items: readonly Validation[] }
  | {
      readonly isSuccess: false;
      readonly code: string;
      readonly message: string;
      readonly items: readonly Validation[];
    };
