global using System.Runtime.CompilerServices;
global using DeepNet.Devices;
global using DeepNet.Ops;
global using ILGPU;
global using ILGPU.Runtime;
global using static System.Runtime.CompilerServices.MethodImplOptions;
global using Device = DeepNet.Device;
