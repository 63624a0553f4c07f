"""One module (or package) per target, named as the target is; a name with a leading underscore is not a target."""
