/** The part of hbs that the sample uses; hbs ships no types. */
declare module 'hbs' {
  type Done = (error: Error | null, html: string) => void;

  const hbs: {
    registerPartials(directory: string): void;
    readonly __express: (file: string, locals: object, done: Done) => void;
  };
  export default hbs;
}
