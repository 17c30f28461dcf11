namespace DeepNet.Ilgpu;

/// <summary>
/// A kernel as a value: its operands are fields, and what one thread does for one element is <see cref="Run"/>. All kernels are made of these
/// two shapes, so there is one way to compile, cache, launch and test them.
/// </summary>
internal interface IJob
{
    /// <summary>What the user would call it, in errors.</summary>
    static abstract string Name { get; }

    /// <summary>Does the work of one element.</summary>
    void Run(long i);
}

/// <summary>A kernel whose groups of threads work together: on a row, on a tile.</summary>
internal interface IGroupJob
{
    /// <inheritdoc cref="IJob.Name"/>
    static abstract string Name { get; }

    /// <summary>Does the work of one group; all its threads come here, and meet at every barrier.</summary>
    void Run(long group);
}
