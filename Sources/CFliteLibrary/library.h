/* Empty: CFlite includes the headers of flite. */
