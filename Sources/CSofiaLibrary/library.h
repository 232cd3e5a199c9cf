/* Empty: Sofia headers stay out of Swift; CSofia includes them. */
