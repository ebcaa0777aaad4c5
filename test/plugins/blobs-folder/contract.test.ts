import { blobsContract } from "../../kit/contracts/blobs.ts";
import { blobsInFolder } from "./folder.ts";

blobsContract("blobs-folder", { place: blobsInFolder });
