package web

import "github.com/wardkeeper/wardkeeper/platform/access"

// Route is one row: who may do what, and the verb under which it is recorded. Reads carry a verb
// too: it names them in the log, and in the audit log where they show patient data.
type Route struct {
	Method, Path string
	Permission   access.Permission
	Audit        string
	Handle       func(*request) error
}

// Anyone and SignedIn are the two permissions that no role has to hold.
const (
	Anyone   access.Permission = "anyone"
	SignedIn access.Permission = "signed in"
)

// Routes is every route of the pages.
func (s *Server) Routes() []Route {
	routes := []Route{
		{"GET", "/{$}", access.DevicesRead, "overview.read", s.overview},
		{"GET", "/devices", access.DevicesRead, "devices.read", s.devices},
		{"GET", "/devices.csv", access.Export, "devices.export", s.devicesCSV},
		{"GET", "/devices/alike", access.DevicesRead, "devices.read", s.alike},
		{"GET", "/devices/label", access.DevicesChange, "devices.read", s.labelForm},
		{"POST", "/devices/label", access.DevicesChange, "device.label", s.label},
		{"GET", "/devices/{id}", access.DevicesRead, "device.read", s.device},
		{"GET", "/devices/{id}/why/{attr}", access.DevicesRead, "device.read", s.why},
		{"POST", "/devices/{id}/why/{attr}", access.DevicesChange, "device.override", s.override},
		{"POST", "/devices/{id}/register", access.DevicesChange, "device.fields", s.fields},
		{"GET", "/map", access.DevicesRead, "map.read", s.zones},
		{"GET", "/map/{zone}", access.DevicesRead, "map.read", s.zone},
		{"POST", "/map/{zone}", access.DevicesChange, "zone.change", s.changeZone},
		{"GET", "/interfaces", access.InterfacesRead, "interfaces.read", s.interfaces},
		{"GET", "/interfaces.csv", access.Export, "interfaces.export", s.interfacesCSV},
		{"GET", "/interfaces/patient-data", access.InterfacesRead, "interfaces.read", s.patientData},
		{"GET", "/findings", access.DevicesRead, "findings.read", s.findings},
		{"GET", "/findings/{id}", access.DevicesRead, "finding.read", s.finding},
		{"POST", "/findings/{id}/close", access.DevicesChange, "finding.close", s.closeFinding},
		{"GET", "/sensors", access.SensorsRead, "sensors.read", s.sensors},
		{"GET", "/live", access.DevicesRead, "live.read", s.live},
		{"GET", "/help", SignedIn, "help.read", s.help},
		{"GET", "/me", SignedIn, "me.read", s.me},
		{"POST", "/me", SignedIn, "me.appearance", s.appearance},
		{"POST", "/me/tokens", SignedIn, "token.make", s.token},
		{"GET", "/start", Anyone, "start.read", s.startForm},
		{"POST", "/start", Anyone, "person.first", s.start},
		{"GET", "/sign-in", Anyone, "sign-in.read", s.signInForm},
		{"POST", "/sign-in", Anyone, "session.open", s.signIn},
		{"POST", "/sign-out", SignedIn, "session.close", s.signOut},
	}
	if s.Upload != nil {
		routes = append(routes,
			Route{"POST", "/sensors/captures", access.SensorsFeed, "capture.drop", s.dropCapture},
			Route{"GET", "/captures/{job}", access.SensorsFeed, "capture.read", s.capture},
			Route{"GET", "/captures/{job}/document.json", access.SensorsFeed, "capture.read", s.captureJSON},
			Route{"POST", "/captures/{job}/cancel", access.SensorsFeed, "capture.cancel", s.cancelCapture},
		)
	}
	if s.Importer != nil {
		routes = append(routes,
			Route{"GET", "/import", access.RegisterImport, "import.read", s.importForm},
			Route{"POST", "/import", access.RegisterImport, "import.read", s.importFile},
			Route{"GET", "/import/{id}", access.RegisterImport, "import.read", s.importColumns},
			Route{"POST", "/import/{id}", access.RegisterImport, "import.preview", s.importPreview},
			Route{"POST", "/import/{id}/apply", access.RegisterImport, "register.import", s.importApply},
		)
	}
	if s.Links {
		routes = append(routes, Route{"GET", "/enter", Anyone, "session.open", s.enter})
	}
	return routes
}
