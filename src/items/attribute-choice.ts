// What the recipient answers a query with: an attribute it has, or a new one (spec/domain.md 5.7, 5.8, "params").
import { type AttributeContent, attributeProblem } from "../model/attribute.ts";
import { isThirdPartyQuery } from "../model/attribute-query.ts";
import type { ItemDecision } from "../model/decision.ts";
import { extended } from "../model/extended.ts";
import { isId } from "../model/ids.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { isArray } from "../model/shape.ts";
import type { ItemMoment } from "../ports/item-kind.ts";
import { identityOf, ownedBy, partnerNeeds, peerOf, textsIn } from "./attribute-checks.ts";
import { attributeIn, identityNeeds, lineNeeds, valueNeeds, valuesKey } from "./attribute-keys.ts";
