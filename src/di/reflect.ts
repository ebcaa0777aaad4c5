// tsyringe throws on import without this polyfill.
import "reflect-metadata";
