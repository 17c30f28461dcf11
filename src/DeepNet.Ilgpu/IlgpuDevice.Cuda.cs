using DeepNet.Devices;
using ILGPU.Runtime.Cuda;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice : ICudaDevice
{
    nint ICudaDevice.Stream => ((CudaStream)Stream).StreamPtr;

    void ICudaDevice.MakeCurrent() => Bind();
}
