/** Whole numbers of the command line. */
import { InvalidArgumentError } from "commander";

export const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const value = Number(text);
    if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most)
      throw new InvalidArgumentError(`It is not a whole number from ${least} to ${most}.`);
    return value;
  };

export const portOption = whole(0, 65_535);
