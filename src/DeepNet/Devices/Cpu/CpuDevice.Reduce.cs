using DeepNet.Ops;

namespace DeepNet;

public sealed partial class CpuDevice
{
    internal override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y) => throw new NotSupportedException();
}
