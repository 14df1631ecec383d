package dicom

// Kind sorts SOP classes by the service they belong to.
type Kind uint8

// The kinds of SOP class.
const (
	Other Kind = iota
	Verification
	Store
	Find
	Move
	Get
	Worklist
	PerformedStep
	Commitment
	Print
)

// Class is what is known of a SOP class.
type Class struct {
	Name     string // "CT Image Storage"
	Kind     Kind
	Modality string // of images and waveforms as equipment makes them, in the terms of (0008,0060); else empty
	suffix   string
}

const uidRoot = "1.2.840.10008."

// LookUp finds a SOP class by its UID. The result is a position in the table of classes for
// ClassAt; 0 stands for a class that is not in it.
func LookUp(uid []byte) uint16 {
	if len(uid) <= len(uidRoot) || string(uid[:len(uidRoot)]) != uidRoot {
		return 0
	}
	return classIndex[string(uid[len(uidRoot):])]
}

// ClassAt is the class at a position that LookUp gave.
func ClassAt(i uint16) *Class {
	if int(i) >= len(classes) {
		i = 0
	}
	return &classes[i]
}

// UID writes the UID of a class; the unknown class has none.
func (c *Class) UID() string {
	if c.suffix == "" {
		return ""
	}
	return uidRoot + c.suffix
}

var classIndex = func() map[string]uint16 {
	m := make(map[string]uint16, len(classes))
	for i := 1; i < len(classes); i++ {
		m[classes[i].suffix] = uint16(i) //nolint:gosec // a short table
	}
	return m
}()

// classes are SOP classes of DICOM PS3.6 annex A (2022); the names are the standard's without the
// words "SOP Class" and "Information Model". Equipment-made images carry their modality.
var classes = [...]Class{
	{Name: "private SOP class"},
	{"Verification", Verification, "", "1.1"},
	{"Storage Commitment Push Model", Commitment, "", "1.20.1"},
	{"Modality Performed Procedure Step", PerformedStep, "", "3.1.2.3.3"},
	{"Basic Film Session", Print, "", "5.1.1.1"},
	{"Print Job", Print, "", "5.1.1.14"},
	{"Basic Annotation Box", Print, "", "5.1.1.15"},
	{"Printer", Print, "", "5.1.1.16"},
	{"Basic Color Print Management", Print, "", "5.1.1.18"},
	{"Basic Film Box", Print, "", "5.1.1.2"},
	{"VOI LUT Box", Print, "", "5.1.1.22"},
	{"Presentation LUT", Print, "", "5.1.1.23"},
	{"Basic Grayscale Image Box", Print, "", "5.1.1.4"},
	{"Basic Color Image Box", Print, "", "5.1.1.4.1"},
	{"Basic Grayscale Print Management", Print, "", "5.1.1.9"},
	{"Computed Radiography Image Storage", Store, "CR", "5.1.4.1.1.1"},
	{"Digital X-Ray Image Storage For Presentation", Store, "DX", "5.1.4.1.1.1.1"},
	{"Digital X-Ray Image Storage For Processing", Store, "DX", "5.1.4.1.1.1.1.1"},
	{"Digital Mammography X-Ray Image Storage For Presentation", Store, "MG", "5.1.4.1.1.1.2"},
	{"Digital Mammography X-Ray Image Storage For Processing", Store, "MG", "5.1.4.1.1.1.2.1"},
	{"Digital Intra-Oral X-Ray Image Storage For Presentation", Store, "IO", "5.1.4.1.1.1.3"},
	{"Digital Intra-Oral X-Ray Image Storage For Processing", Store, "IO", "5.1.4.1.1.1.3.1"},
	{"Encapsulated PDF Storage", Store, "", "5.1.4.1.1.104.1"},
	{"Encapsulated CDA Storage", Store, "", "5.1.4.1.1.104.2"},
	{"Encapsulated STL Storage", Store, "", "5.1.4.1.1.104.3"},
	{"Encapsulated OBJ Storage", Store, "", "5.1.4.1.1.104.4"},
	{"Encapsulated MTL Storage", Store, "", "5.1.4.1.1.104.5"},
	{"Grayscale Softcopy Presentation State Storage", Store, "", "5.1.4.1.1.11.1"},
	{"Segmented Volume Rendering Volumetric Presentation State Storage", Store, "", "5.1.4.1.1.11.10"},
	{"Multiple Volume Rendering Volumetric Presentation State Storage", Store, "", "5.1.4.1.1.11.11"},
	{"Color Softcopy Presentation State Storage", Store, "", "5.1.4.1.1.11.2"},
	{"Pseudo Color Softcopy Presentation State Storage", Store, "", "5.1.4.1.1.11.3"},
	{"Blending Softcopy Presentation State Storage", Store, "", "5.1.4.1.1.11.4"},
	{"XA/XRF Grayscale Softcopy Presentation State Storage", Store, "", "5.1.4.1.1.11.5"},
	{"Grayscale Planar MPR Volumetric Presentation State Storage", Store, "", "5.1.4.1.1.11.6"},
	{"Compositing Planar MPR Volumetric Presentation State Storage", Store, "", "5.1.4.1.1.11.7"},
	{"Advanced Blending Presentation State Storage", Store, "", "5.1.4.1.1.11.8"},
	{"Volume Rendering Volumetric Presentation State Storage", Store, "", "5.1.4.1.1.11.9"},
	{"X-Ray Angiographic Image Storage", Store, "XA", "5.1.4.1.1.12.1"},
	{"Enhanced XA Image Storage", Store, "XA", "5.1.4.1.1.12.1.1"},
	{"X-Ray Radiofluoroscopic Image Storage", Store, "RF", "5.1.4.1.1.12.2"},
	{"Enhanced XRF Image Storage", Store, "RF", "5.1.4.1.1.12.2.1"},
	{"Positron Emission Tomography Image Storage", Store, "PT", "5.1.4.1.1.128"},
	{"Legacy Converted Enhanced PET Image Storage", Store, "PT", "5.1.4.1.1.128.1"},
	{"X-Ray 3D Angiographic Image Storage", Store, "XA", "5.1.4.1.1.13.1.1"},
	{"X-Ray 3D Craniofacial Image Storage", Store, "PX", "5.1.4.1.1.13.1.2"},
	{"Breast Tomosynthesis Image Storage", Store, "MG", "5.1.4.1.1.13.1.3"},
	{"Breast Projection X-Ray Image Storage For Presentation", Store, "MG", "5.1.4.1.1.13.1.4"},
	{"Breast Projection X-Ray Image Storage For Processing", Store, "MG", "5.1.4.1.1.13.1.5"},
	{"Enhanced PET Image Storage", Store, "PT", "5.1.4.1.1.130"},
	{"Basic Structured Display Storage", Store, "", "5.1.4.1.1.131"},
	{"Intravascular Optical Coherence Tomography Image Storage For Presentation", Store, "IVOCT", "5.1.4.1.1.14.1"},
	{"Intravascular Optical Coherence Tomography Image Storage For Processing", Store, "IVOCT", "5.1.4.1.1.14.2"},
	{"CT Image Storage", Store, "CT", "5.1.4.1.1.2"},
	{"Enhanced CT Image Storage", Store, "CT", "5.1.4.1.1.2.1"},
	{"Legacy Converted Enhanced CT Image Storage", Store, "CT", "5.1.4.1.1.2.2"},
	{"Nuclear Medicine Image Storage", Store, "NM", "5.1.4.1.1.20"},
	{"CT Defined Procedure Protocol Storage", Store, "", "5.1.4.1.1.200.1"},
	{"CT Performed Procedure Protocol Storage", Store, "", "5.1.4.1.1.200.2"},
	{"Protocol Approval Storage", Store, "", "5.1.4.1.1.200.3"},
	{"XA Defined Procedure Protocol Storage", Store, "", "5.1.4.1.1.200.7"},
	{"XA Performed Procedure Protocol Storage", Store, "", "5.1.4.1.1.200.8"},
	{"Ultrasound Multi-frame Image Storage", Store, "US", "5.1.4.1.1.3.1"},
	{"Parametric Map Storage", Store, "", "5.1.4.1.1.30"},
	{"MR Image Storage", Store, "MR", "5.1.4.1.1.4"},
	{"Enhanced MR Image Storage", Store, "MR", "5.1.4.1.1.4.1"},
	{"MR Spectroscopy Storage", Store, "MR", "5.1.4.1.1.4.2"},
	{"Enhanced MR Color Image Storage", Store, "MR", "5.1.4.1.1.4.3"},
	{"Legacy Converted Enhanced MR Image Storage", Store, "MR", "5.1.4.1.1.4.4"},
	{"RT Image Storage", Store, "RTIMAGE", "5.1.4.1.1.481.1"},
	{"RT Physician Intent Storage", Store, "", "5.1.4.1.1.481.10"},
	{"RT Segment Annotation Storage", Store, "", "5.1.4.1.1.481.11"},
	{"RT Radiation Set Storage", Store, "", "5.1.4.1.1.481.12"},
	{"C-Arm Photon Electron Radiation Storage", Store, "", "5.1.4.1.1.481.13"},
	{"Tomotherapeutic Radiation Storage", Store, "", "5.1.4.1.1.481.14"},
	{"Robotic Arm Radiation Storage", Store, "", "5.1.4.1.1.481.15"},
	{"RT Radiation Record Set Storage", Store, "", "5.1.4.1.1.481.16"},
	{"RT Radiation Salvage Record Storage", Store, "", "5.1.4.1.1.481.17"},
	{"Tomotherapeutic Radiation Record Storage", Store, "", "5.1.4.1.1.481.18"},
	{"C-Arm Photon Electron Radiation Record Storage", Store, "", "5.1.4.1.1.481.19"},
	{"RT Dose Storage", Store, "", "5.1.4.1.1.481.2"},
	{"Robotic Radiation Record Storage", Store, "", "5.1.4.1.1.481.20"},
	{"RT Radiation Set Delivery Instruction Storage", Store, "", "5.1.4.1.1.481.21"},
	{"RT Treatment Preparation Storage", Store, "", "5.1.4.1.1.481.22"},
	{"RT Structure Set Storage", Store, "", "5.1.4.1.1.481.3"},
	{"RT Beams Treatment Record Storage", Store, "", "5.1.4.1.1.481.4"},
	{"RT Plan Storage", Store, "", "5.1.4.1.1.481.5"},
	{"RT Brachy Treatment Record Storage", Store, "", "5.1.4.1.1.481.6"},
	{"RT Treatment Summary Record Storage", Store, "", "5.1.4.1.1.481.7"},
	{"RT Ion Plan Storage", Store, "", "5.1.4.1.1.481.8"},
	{"RT Ion Beams Treatment Record Storage", Store, "", "5.1.4.1.1.481.9"},
	{"Ultrasound Image Storage", Store, "US", "5.1.4.1.1.6.1"},
	{"Ultrasound Image Storage (Retired)", Store, "US", "5.1.4.1.1.6"},
	{"Ultrasound Multi-frame Image Storage (Retired)", Store, "US", "5.1.4.1.1.3"},
	{"Nuclear Medicine Image Storage (Retired)", Store, "NM", "5.1.4.1.1.5"},
	{"X-Ray Angiographic Bi-Plane Image Storage (Retired)", Store, "XA", "5.1.4.1.1.12.3"},
	{"Patient/Study Only Query/Retrieve (Retired)", Find, "", "5.1.4.1.2.3.1"},
	{"Patient/Study Only Query/Retrieve (Retired)", Move, "", "5.1.4.1.2.3.2"},
	{"Enhanced US Volume Storage", Store, "US", "5.1.4.1.1.6.2"},
	{"Raw Data Storage", Store, "", "5.1.4.1.1.66"},
	{"Spatial Registration Storage", Store, "", "5.1.4.1.1.66.1"},
	{"Spatial Fiducials Storage", Store, "", "5.1.4.1.1.66.2"},
	{"Deformable Spatial Registration Storage", Store, "", "5.1.4.1.1.66.3"},
	{"Segmentation Storage", Store, "", "5.1.4.1.1.66.4"},
	{"Surface Segmentation Storage", Store, "", "5.1.4.1.1.66.5"},
	{"Tractography Results Storage", Store, "", "5.1.4.1.1.66.6"},
	{"Real World Value Mapping Storage", Store, "", "5.1.4.1.1.67"},
	{"Surface Scan Mesh Storage", Store, "", "5.1.4.1.1.68.1"},
	{"Surface Scan Point Cloud Storage", Store, "", "5.1.4.1.1.68.2"},
	{"Secondary Capture Image Storage", Store, "", "5.1.4.1.1.7"},
	{"Multi-frame Single Bit Secondary Capture Image Storage", Store, "", "5.1.4.1.1.7.1"},
	{"Multi-frame Grayscale Byte Secondary Capture Image Storage", Store, "", "5.1.4.1.1.7.2"},
	{"Multi-frame Grayscale Word Secondary Capture Image Storage", Store, "", "5.1.4.1.1.7.3"},
	{"Multi-frame True Color Secondary Capture Image Storage", Store, "", "5.1.4.1.1.7.4"},
	{"VL Endoscopic Image Storage", Store, "ES", "5.1.4.1.1.77.1.1"},
	{"Video Endoscopic Image Storage", Store, "ES", "5.1.4.1.1.77.1.1.1"},
	{"VL Microscopic Image Storage", Store, "GM", "5.1.4.1.1.77.1.2"},
	{"Video Microscopic Image Storage", Store, "GM", "5.1.4.1.1.77.1.2.1"},
	{"VL Slide Coordinates Microscopic Image Storage", Store, "", "5.1.4.1.1.77.1.3"},
	{"VL Photographic Image Storage", Store, "XC", "5.1.4.1.1.77.1.4"},
	{"Video Photographic Image Storage", Store, "XC", "5.1.4.1.1.77.1.4.1"},
	{"Ophthalmic Photography 8 Bit Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.1"},
	{"Ophthalmic Photography 16 Bit Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.2"},
	{"Stereometric Relationship Storage", Store, "OP", "5.1.4.1.1.77.1.5.3"},
	{"Ophthalmic Tomography Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.4"},
	{"Wide Field Ophthalmic Photography Stereographic Projection Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.5"},
	{"Wide Field Ophthalmic Photography 3D Coordinates Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.6"},
	{"Ophthalmic Optical Coherence Tomography En Face Image Storage", Store, "OP", "5.1.4.1.1.77.1.5.7"},
	{"Ophthalmic Optical Coherence Tomography B-scan Volume Analysis Storage", Store, "OP", "5.1.4.1.1.77.1.5.8"},
	{"VL Whole Slide Microscopy Image Storage", Store, "SM", "5.1.4.1.1.77.1.6"},
	{"Dermoscopic Photography Image Storage", Store, "", "5.1.4.1.1.77.1.7"},
	{"Lensometry Measurements Storage", Store, "", "5.1.4.1.1.78.1"},
	{"Autorefraction Measurements Storage", Store, "", "5.1.4.1.1.78.2"},
	{"Keratometry Measurements Storage", Store, "", "5.1.4.1.1.78.3"},
	{"Subjective Refraction Measurements Storage", Store, "", "5.1.4.1.1.78.4"},
	{"Visual Acuity Measurements Storage", Store, "", "5.1.4.1.1.78.5"},
	{"Spectacle Prescription Report Storage", Store, "", "5.1.4.1.1.78.6"},
	{"Ophthalmic Axial Measurements Storage", Store, "", "5.1.4.1.1.78.7"},
	{"Intraocular Lens Calculations Storage", Store, "", "5.1.4.1.1.78.8"},
	{"Macular Grid Thickness And Volume Report Storage", Store, "", "5.1.4.1.1.79.1"},
	{"Ophthalmic Visual Field Static Perimetry Measurements Storage", Store, "", "5.1.4.1.1.80.1"},
	{"Ophthalmic Thickness Map Storage", Store, "", "5.1.4.1.1.81.1"},
	{"Corneal Topography Map Storage", Store, "", "5.1.4.1.1.82.1"},
	{"Basic Text SR Storage", Store, "", "5.1.4.1.1.88.11"},
	{"Enhanced SR Storage", Store, "", "5.1.4.1.1.88.22"},
	{"Comprehensive SR Storage", Store, "", "5.1.4.1.1.88.33"},
	{"Comprehensive 3D SR Storage", Store, "", "5.1.4.1.1.88.34"},
	{"Extensible SR Storage", Store, "", "5.1.4.1.1.88.35"},
	{"Procedure Log Storage", Store, "", "5.1.4.1.1.88.40"},
	{"Mammography CAD SR Storage", Store, "", "5.1.4.1.1.88.50"},
	{"Key Object Selection Document Storage", Store, "", "5.1.4.1.1.88.59"},
	{"Chest CAD SR Storage", Store, "", "5.1.4.1.1.88.65"},
	{"X-Ray Radiation Dose SR Storage", Store, "", "5.1.4.1.1.88.67"},
	{"Radiopharmaceutical Radiation Dose SR Storage", Store, "", "5.1.4.1.1.88.68"},
	{"Colon CAD SR Storage", Store, "", "5.1.4.1.1.88.69"},
	{"Implantation Plan SR Document Storage", Store, "", "5.1.4.1.1.88.70"},
	{"Acquisition Context SR Storage", Store, "", "5.1.4.1.1.88.71"},
	{"Simplified Adult Echo SR Storage", Store, "", "5.1.4.1.1.88.72"},
	{"Patient Radiation Dose SR Storage", Store, "", "5.1.4.1.1.88.73"},
	{"Planned Imaging Agent Administration SR Storage", Store, "", "5.1.4.1.1.88.74"},
	{"Performed Imaging Agent Administration SR Storage", Store, "", "5.1.4.1.1.88.75"},
	{"Enhanced X-Ray Radiation Dose SR Storage", Store, "", "5.1.4.1.1.88.76"},
	{"12-lead ECG Waveform Storage", Store, "ECG", "5.1.4.1.1.9.1.1"},
	{"General ECG Waveform Storage", Store, "ECG", "5.1.4.1.1.9.1.2"},
	{"Ambulatory ECG Waveform Storage", Store, "ECG", "5.1.4.1.1.9.1.3"},
	{"Hemodynamic Waveform Storage", Store, "HD", "5.1.4.1.1.9.2.1"},
	{"Cardiac Electrophysiology Waveform Storage", Store, "", "5.1.4.1.1.9.3.1"},
	{"Basic Voice Audio Waveform Storage", Store, "", "5.1.4.1.1.9.4.1"},
	{"General Audio Waveform Storage", Store, "", "5.1.4.1.1.9.4.2"},
	{"Arterial Pulse Waveform Storage", Store, "", "5.1.4.1.1.9.5.1"},
	{"Respiratory Waveform Storage", Store, "", "5.1.4.1.1.9.6.1"},
	{"Multichannel Respiratory Waveform Storage", Store, "", "5.1.4.1.1.9.6.2"},
	{"Routine Scalp Electroencephalogram Waveform Storage", Store, "", "5.1.4.1.1.9.7.1"},
	{"Electromyogram Waveform Storage", Store, "", "5.1.4.1.1.9.7.2"},
	{"Electrooculogram Waveform Storage", Store, "", "5.1.4.1.1.9.7.3"},
	{"Sleep Electroencephalogram Waveform Storage", Store, "", "5.1.4.1.1.9.7.4"},
	{"Body Position Waveform Storage", Store, "", "5.1.4.1.1.9.8.1"},
	{"Content Assessment Results Storage", Store, "", "5.1.4.1.1.90.1"},
	{"Microscopy Bulk Simple Annotations Storage", Store, "", "5.1.4.1.1.91.1"},
	{"Patient Root Query/Retrieve", Find, "", "5.1.4.1.2.1.1"},
	{"Patient Root Query/Retrieve", Move, "", "5.1.4.1.2.1.2"},
	{"Patient Root Query/Retrieve", Get, "", "5.1.4.1.2.1.3"},
	{"Study Root Query/Retrieve", Find, "", "5.1.4.1.2.2.1"},
	{"Study Root Query/Retrieve", Move, "", "5.1.4.1.2.2.2"},
	{"Study Root Query/Retrieve", Get, "", "5.1.4.1.2.2.3"},
	{"Composite Instance Root Retrieve", Move, "", "5.1.4.1.2.4.2"},
	{"Composite Instance Root Retrieve", Get, "", "5.1.4.1.2.4.3"},
	{"Composite Instance Retrieve Without Bulk Data", Get, "", "5.1.4.1.2.5.3"},
	{"Modality Worklist", Worklist, "", "5.1.4.31"},
	{"Instance Availability Notification", Other, "", "5.1.4.33"},
	{"Unified Worklist And Procedure Step Service Class", Worklist, "", "5.1.4.34.6"},
	{"Unified Procedure Step Push", Worklist, "", "5.1.4.34.6.1"},
	{"Unified Procedure Step Watch", Worklist, "", "5.1.4.34.6.2"},
	{"Unified Procedure Step Pull", Worklist, "", "5.1.4.34.6.3"},
	{"Unified Procedure Step Event", Worklist, "", "5.1.4.34.6.4"},
	{"Unified Procedure Step Query", Worklist, "", "5.1.4.34.6.5"},
}
