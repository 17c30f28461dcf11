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

    /// <summary>The experiment. Says what it sees with Print, Table and Figure, and ends with Check.</summary>
    public abstract void Run(LabContext lab);
}
