using DeepNet.Nn;

namespace DeepNet.Samples.Generate;

/// <summary>A model that learns to make pictures of the digit that is asked for.</summary>
internal abstract class Maker(string name, int steps, IReadOnlyList<string> losses)
{
    /// <summary>Gets the name on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the number of steps that it is trained for if nothing else is asked for: about two minutes on two cores.</summary>
    public int Steps { get; } = steps;

    /// <summary>Gets the names of what <see cref="Learn"/> returns.</summary>
    public IReadOnlyList<string> Losses { get; } = losses;

    /// <summary>Gets a sentence on how it works, for the report.</summary>
    public abstract string Summary { get; }

    public abstract IEnumerable<Module> Models { get; }

    /// <summary>Does one step of training, and returns its losses.</summary>
    public abstract double[] Learn(Pictures batch);

    /// <summary>Makes a picture of each digit asked for.</summary>
    /// <param name="labels">(N,) of digits.</param>
    /// <param name="chance">The source of what they look like.</param>
    /// <returns>(N, 1, 16, 16) of values from 0 to 1.</returns>
    public abstract Tensor Make(Tensor labels, Generator chance);
}
