using DeepNet.Ops;

namespace DeepNet;

public abstract partial class Device
{
    /// <summary>
    /// Reduces map(x) over every axis on which y has length 1 (and x another). Same rank and element type; x of any layout, y
    /// dense. The order of combination depends on the shape alone, never on threads.
    /// </summary>
    internal abstract void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule>;
}
