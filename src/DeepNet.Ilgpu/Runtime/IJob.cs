namespace DeepNet.Ilgpu;

/// <summary>
/// A kernel as a value: its operands are fields, and what one thread does for one element is <see cref="Run"/>. All kernels are made of
/// these few shapes, so there is one way to compile, cache, launch and test them.
/// </summary>
internal interface IJob
{
    /// <summary>Gets the name of the operator, for errors.</summary>
    static abstract string Name { get; }

    /// <summary>Does the work of one element.</summary>
    void Run(long i);
}

/// <summary>A kernel of dense operands that can also do four neighbouring elements at once.</summary>
internal interface IWideJob : IJob
{
    /// <summary>Does the work of the elements 4·i to 4·i + 3.</summary>
    void RunFour(int i);
}

/// <summary>A kernel whose groups of threads work together: on a row, on a tile.</summary>
internal interface IGroupJob
{
    /// <inheritdoc cref="IJob.Name"/>
    static abstract string Name { get; }

    /// <summary>
    /// Gets the number of threads of a group, and of groups that a multiprocessor shall hold at once, where that decides the use of
    /// registers.
    /// </summary>
    static virtual KernelSpecialization Fit => default;

    /// <summary>Does the work of one group; all its threads come here, and meet at every barrier.</summary>
    void Run(long group);
}
