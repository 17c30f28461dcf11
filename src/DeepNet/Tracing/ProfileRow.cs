namespace DeepNet;

/// <summary>A row of a profile: an operator or a module, forward or backward.</summary>
/// <param name="Name">The operator, or the path of the module; empty for what runs outside of modules.</param>
/// <param name="IsBackward">True for derivatives.</param>
/// <param name="Calls">The number of calls; of modules, of the operators in them.</param>
/// <param name="Total">The time with all that is inside.</param>
/// <param name="Self">The time without the operators, or modules, inside.</param>
/// <param name="Flops">
/// The multiplications and additions of products, convolutions, attention and recurrent cells, inside ones included.
/// </param>
/// <param name="Bytes">The bytes that kernels had to read and write at least, inside ones included.</param>
/// <param name="ShareOfLimit">
/// The time that the kernels take at least by <see cref="ProfilerOptions.Limits"/>, as a part of the total; null without limits. It can
/// exceed 1 where operands lie in a cache.
/// </param>
public sealed record ProfileRow(
    string Name, bool IsBackward, int Calls, TimeSpan Total, TimeSpan Self, double Flops, double Bytes, double? ShareOfLimit);
