namespace DeepNet.Labs;

/// <summary>
/// A short experiment: something that a course claims, a program that shows it, and a number that would come out otherwise if the claim
/// were wrong.
/// </summary>
internal abstract class Lab
{
    /// <summary>Gets the place in the course, from 1.</summary>
    public int Number => Catalogue.PlaceOf(this);

    /// <summary>What it is called on the command line: one short word, or words with hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>The headline.</summary>
    public abstract string Title { get; }

    /// <summary>What is claimed, in two to five sentences that can be read without the course.</summary>
    public abstract string Claim { get; }

    /// <summary>
    /// Ways to spoil the experiment ("no momentum", "wrong sign") under which the check must fail: proof that it checks something. At
    /// least one; <see cref="Run"/> asks <see cref="LabContext.Mutated"/> for each by the same words.
    /// </summary>
    public abstract IReadOnlyList<string> Mutations { get; }

    /// <summary>Gets the question that the experiment answers, in one sentence that ends with a question mark.</summary>
    public virtual string Question => "";

    /// <summary>Gets two to four answers of which one is right, for readers who guess before they look.</summary>
    public virtual Guess? Guess => null;

    /// <summary>
    /// Gets why it is so: one to four paragraphs, separated by empty lines. Formulas stand between dollar signs, in the part of TeX that
    /// reports set: <c>$\frac{\partial L}{\partial w}$</c>.
    /// </summary>
    public virtual string Explanation => "";

    /// <summary>Gets what would have to be observed for the claim to be wrong, in one or two sentences.</summary>
    public virtual string Falsified => "";

    /// <summary>Gets the names of the labs to read next.</summary>
    public virtual IReadOnlyList<string> Next => [];

    /// <summary>
    /// Shows the phenomenon by itself in about twenty lines that a reader can paste into a script: no helper of the labs, a result on the
    /// output. Pages show the body of this method.
    /// </summary>
    public virtual void Example(TextWriter output) { }

    /// <summary>The experiment. Says what it sees with Print, Table and Figure, and ends with Check.</summary>
    public abstract void Run(LabContext lab);
}
